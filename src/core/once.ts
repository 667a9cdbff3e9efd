/**
 * A value made when it is first asked for, and kept. Schemas are: making one takes tens of
 * microseconds, a command needs two of a hundred, and starting is part of every command.
 */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
