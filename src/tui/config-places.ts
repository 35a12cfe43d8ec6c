/** Where in the text of a JSON file something stands, for people: line and column from 1 on. */
import {
  findNodeAtLocation,
  type ParseError,
  parse,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';

function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Finds the place of a path; of the nearest thing around it when the path is not there. */
export function placesIn(text: string): (path: readonly (string | number)[]) => string {
  const tree = parseTree(text);
  return (path) => {
    for (let length = path.length; tree && length > 0; length--) {
      const node = findNodeAtLocation(tree, path.slice(0, length));
      if (!node) continue;
      const isNamed = typeof path[length - 1] === 'string' && node.parent?.type === 'property';
      return lineAndColumn(text, isNamed ? (node.parent?.offset ?? node.offset) : node.offset);
    }
    return lineAndColumn(text, tree?.offset ?? 0);
  };
}

const WORDS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a word that is no value',
  InvalidNumberFormat: 'a number that is none',
  PropertyNameExpected: 'a name in "quotes" is missing',
  ValueExpected: 'a value is missing',
  ColonExpected: 'a colon is missing',
  CommaExpected: 'a comma is missing',
  CloseBraceExpected: 'a } is missing',
  CloseBracketExpected: 'a ] is missing',
  EndOfFileExpected: 'something follows the end',
  InvalidCommentToken: 'a comment, which JSON has none of',
  UnexpectedEndOfString: 'a string without its end',
};

/** The sentence for a text that is no JSON: where, and what is wrong there. */
export function whereBroken(path: string, text: string): string {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  const place = lineAndColumn(text, first?.offset ?? 0);
  const code = first ? printParseErrorCode(first.error) : '';
  return `${path}:${place}: it is no JSON: ${WORDS[code] ?? 'it makes no sense here'}. All settings are left out until it is mended.`;
}
