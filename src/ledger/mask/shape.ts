/**
 * How a name was joined to what follows it:
 * `env` NAME=value beginning a line · `tight` name=value elsewhere · `spaced` name = value ·
 * `colon` name: value · `flag` --name value.
 */
export type Shape = 'env' | 'tight' | 'spaced' | 'colon' | 'flag';
