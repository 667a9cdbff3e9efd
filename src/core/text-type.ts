/** Whether bytes of this type can be shown as text. */
export function isTextType(type: string | undefined): boolean {
  return type !== undefined && TEXT_TYPE.test(type);
}

const TEXT_TYPE =
  /^(?:text\/|application\/(?:[\w.+-]+\+)?(?:json|xml|yaml|toml|javascript|typescript|x-ndjson|jsonl|graphql|sql|x-sh|x-www-form-urlencoded|ecmascript|problem\+json)\b|image\/svg\+xml)/i;
