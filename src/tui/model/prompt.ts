/** One line of typed text with a caret: the filter, the search and the command line are edited by the same keys. */

/**
 * `keep` filters a log; `range` and `time` say which part of it is read; `view` names a view to be saved; `acknowledge` and
 * `mute` are what a person says of problems.
 */
export type PromptKind =
  | 'filter'
  | 'search'
  | 'command'
  | 'keep'
  | 'range'
  | 'time'
  | 'view'
  | 'acknowledge'
  | 'mute';

/** A text being edited. */
export interface TextLine {
  readonly text: string;
  /** The caret, in UTF-16 units from the start. */
  readonly at: number;
}

export interface Prompt extends TextLine {
  readonly kind: PromptKind;
  /** What leaving with esc brings back. */
  readonly before: string;
  /** What was typed before a suggestion or an older command took its place. */
  readonly typed?: string;
  /** Which suggestion took its place. */
  readonly choice?: number;
  /** How many commands back in the history it is. */
  readonly recall?: number;
}

const MAX_PROMPT = 500;

/** A prompt of this kind with the caret behind the text. */
export function openPrompt(kind: PromptKind, text: string): Prompt {
  return { kind, text, at: text.length, before: text };
}

/** The prompt with another text in place of what was typed, which is remembered. */
export function withText(
  prompt: Prompt,
  text: string,
  from: { readonly choice?: number; readonly recall?: number },
): Prompt {
  const { kind, before, typed = prompt.text } = prompt;
  return { kind, before, typed, ...from, text, at: text.length };
}

/** The prompt as something that was typed. */
export function typedByHand({ kind, before, text, at }: Prompt): Prompt {
  return { kind, before, text, at };
}

/** The text after typing or pasting; line breaks become spaces. */
export function typeInto<Edited extends TextLine>(prompt: Edited, typed: string): Edited {
  const clean = typed.replace(/\s/gu, ' ');
  const text = (prompt.text.slice(0, prompt.at) + clean + prompt.text.slice(prompt.at)).slice(
    0,
    MAX_PROMPT,
  );
  return { ...prompt, text, at: Math.min(text.length, prompt.at + clean.length) };
}

/** The text after an editing key; undefined for keys that mean nothing here. */
export function editPrompt<Edited extends TextLine>(
  prompt: Edited,
  key: string,
): Edited | undefined {
  const { text, at } = prompt;
  switch (key) {
    case 'left':
      return { ...prompt, at: at - lengthBefore(text, at) };
    case 'right':
      return { ...prompt, at: at + lengthAfter(text, at) };
    case 'home':
      return { ...prompt, at: 0 };
    case 'end':
      return { ...prompt, at: text.length };
    case 'backspace':
      return remove(prompt, at - lengthBefore(text, at), at);
    case 'delete':
      return remove(prompt, at, at + lengthAfter(text, at));
    case 'ctrl-w':
      return remove(prompt, text.slice(0, at).search(/\S*\s*$/u), at);
    case 'ctrl-u':
      return remove(prompt, 0, at);
    case 'ctrl-k':
      return remove(prompt, at, text.length);
    default:
      return undefined;
  }
}

function remove<Edited extends TextLine>(prompt: Edited, from: number, to: number): Edited {
  return { ...prompt, text: prompt.text.slice(0, from) + prompt.text.slice(to), at: from };
}

function lengthBefore(text: string, at: number): number {
  if (at === 0) return 0;
  return at > 1 && (text.codePointAt(at - 2) ?? 0) > 0xffff ? 2 : 1;
}

function lengthAfter(text: string, at: number): number {
  if (at >= text.length) return 0;
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
