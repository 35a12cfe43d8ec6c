/** When a yes is not enough and the name of the scope must be typed: the same in the console and on the command line. */

/** From so many objects on. */
export const PHRASE_FROM = 20;

/** What carries one of these tags asks for the name of the scope, however few the objects are. */
const PRODUCTION: ReadonlySet<string> = new Set(['production', 'prod']);

/** Whether the tags of an environment say that it is in production. */
export function isProduction(tags: readonly string[]): boolean {
  return tags.some((tag) => PRODUCTION.has(tag.toLowerCase()));
}
