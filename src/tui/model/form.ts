/** A form of a few fields, as data: texts, secrets and choices. What is typed lives in its screen and goes with it. */
import type { MaintenanceWish } from '../../protocol/maintenance-wish.ts';
import type { EnvironmentDraft } from '../../protocol/new-environment.ts';
import type { PeopleDeed } from '../../protocol/people.ts';
import type { Invitation } from './invitation.ts';
import type { TextLine } from './prompt.ts';
import type { SignInDeed } from './sign-in-event.ts';

export interface Option {
  readonly label: string;
  readonly value: string;
}

interface AnyField {
  readonly name: string;
  readonly label: string;
  /** The field is there only while the choice of this name has this value. */
  readonly onlyWith?: readonly [choice: string, value: string];
  /** The field that is taken out again when this one changes. */
  readonly drops?: string;
}

export type Field =
  | (AnyField & { readonly kind: 'text' | 'secret'; readonly line: TextLine })
  | (AnyField & {
      readonly kind: 'choice';
      readonly options: readonly Option[];
      readonly at: number;
      /** What was typed to come to an option by its name. */
      readonly find: string;
    });

export interface FormMisread {
  /** The field to be corrected. */
  readonly field: string;
  readonly sentence: string;
}

export type FormValues = Readonly<Record<string, string>>;

/** What a filled form means: a deed that is asked about first, or what is sent as it stands. */
export type FormDeed =
  | PeopleDeed
  | SignInDeed
  | { readonly kind: 'add-environment'; readonly draft: EnvironmentDraft }
  | {
      readonly kind: 'maintain';
      readonly ids: readonly number[];
      readonly wish: MaintenanceWish;
    };

/** What a form is for: fields, and what they mean when it is sent. */
export interface FilledForm {
  readonly title: string;
  readonly submitLabel: string;
  /** What the form does, as a sentence below its fields. */
  readonly lead: string | ((values: FormValues) => string);
  /** What is to be read off, above that. */
  readonly facts?: readonly string[];
  /** A QR code in half blocks, drawn beside the fields where there is room. */
  readonly picture?: readonly string[];
  /** What to beware of in what stands there now; undefined when there is nothing. */
  readonly warning?: (values: FormValues) => string | undefined;
  /** What is waited for while it is on its way; the server's answer unless told. */
  readonly waiting?: (values: FormValues) => string;
  /** Set for a form that is sent as it stands, without a question first. */
  readonly isSentAtOnce?: true;
  /** What gives up the work that goes on for the form; done when it is left. */
  readonly stop?: 'stop-adding' | 'stop-sign-in' | 'stop-deed';
  readonly fields: readonly Field[];
  readonly read: (values: FormValues, nowMs: number) => FormDeed | FormMisread;
}

export interface FormScreen {
  readonly kind: 'form';
  readonly form: FilledForm;
  /** Among the fields that are there. */
  readonly focus: number;
  /** The request that is under way. */
  readonly sending: number | undefined;
  /** What is wrong, as a sentence; what was typed stays. */
  readonly problem: string | undefined;
  /** While the server waits until a person agrees at the OIDC provider. */
  readonly invitation?: Invitation | undefined;
  /** Of a form that appeared by itself: keys pressed right after that were meant for what lay there before. */
  readonly openedAtMs?: number;
}

const lineOf = (text: string): TextLine => ({ text, at: text.length });

/** A field to type into. */
export const textField = (name: string, label: string, text = ''): Field => ({
  kind: 'text',
  name,
  label,
  line: lineOf(text),
});

/** A field whose text is never shown. */
export const secretField = (name: string, label: string): Field => ({
  kind: 'secret',
  name,
  label,
  line: lineOf(''),
});

/** A field to choose in; the option with this value holds first. */
export function choiceField(
  name: string,
  label: string,
  options: readonly Option[],
  value = '',
): Field {
  const at = Math.max(
    0,
    options.findIndex((option) => option.value === value),
  );
  return { kind: 'choice', name, label, options, at, find: '' };
}

/** The form as it opens, with the focus on the first field. */
export const openedForm = (form: FilledForm): FormScreen => ({
  kind: 'form',
  form,
  focus: 0,
  sending: undefined,
  problem: undefined,
});

/** What stands in each field. */
export function valuesOf({ fields }: FilledForm): FormValues {
  return Object.fromEntries(
    fields.map((field) => [
      field.name,
      field.kind === 'choice' ? (field.options[field.at]?.value ?? '') : field.line.text,
    ]),
  );
}

/** The fields that are there with what is chosen now. */
export function fieldsOf(form: FilledForm): readonly Field[] {
  const values = valuesOf(form);
  return form.fields.filter(({ onlyWith }) => !onlyWith || values[onlyWith[0]] === onlyWith[1]);
}

/** The field that has the focus. */
export const focusedField = ({ form, focus }: FormScreen): Field | undefined =>
  fieldsOf(form)[focus];

/** The form with another value of the field that has the focus; a complaint about what stood there is over. */
export function withField(screen: FormScreen, field: Field): FormScreen {
  const fields = screen.form.fields
    .map((other) => (other.name === field.name ? field : other))
    .filter(({ name }) => name !== field.drops);
  return { ...screen, form: { ...screen.form, fields }, problem: undefined };
}

/** The form with the focus on the next (1) or previous (-1) field, round and round. */
export function withNextFocus(screen: FormScreen, by: 1 | -1): FormScreen {
  const count = fieldsOf(screen.form).length;
  return { ...screen, focus: (screen.focus + by + count) % count };
}

/** The form with the focus on the field of this name; as it was where that is not there. */
export function withFocusOn(screen: FormScreen, name: string): FormScreen {
  const focus = fieldsOf(screen.form).findIndex((field) => field.name === name);
  return focus < 0 ? screen : { ...screen, focus };
}

/** The form without what is secret in it, with the focus on the first field for that. */
export function withoutSecrets(screen: FormScreen): FormScreen {
  const isSecret = ({ kind, name }: Field) => kind === 'secret' || name === CODE;
  const fields = screen.form.fields.map((field) =>
    field.kind !== 'choice' && isSecret(field) ? { ...field, line: lineOf('') } : field,
  );
  const form = { ...screen.form, fields };
  return withFocusOn({ ...screen, form }, fieldsOf(form).find(isSecret)?.name ?? '');
}

/** The name of the field for the code of a second factor. */
export const CODE = 'code';

/** The form with an empty field for the code of a second factor, which has the focus; it is there where the password is. */
export function withCodeField(screen: FormScreen): FormScreen {
  const others = screen.form.fields.filter(({ name }) => name !== CODE);
  const onlyWith = others.find(({ name }) => name === 'password')?.onlyWith;
  const code = { ...textField(CODE, 'code'), ...(onlyWith && { onlyWith }) };
  return withFocusOn({ ...screen, form: { ...screen.form, fields: [...others, code] } }, CODE);
}

/** The choice with the next (1) or previous (-1) option. */
export function withNextOption(field: Extract<Field, { kind: 'choice' }>, by: 1 | -1): Field {
  const count = Math.max(1, field.options.length);
  return { ...field, at: (field.at + by + count) % count, find: '' };
}

/** The choice at the first option whose name begins so, or else has it inside. */
export function withFound(field: Extract<Field, { kind: 'choice' }>, text: string): Field {
  const find = (field.find + text).slice(0, 60).toLowerCase();
  const names = field.options.map(({ label }) => label.toLowerCase());
  const begins = names.findIndex((name) => name.startsWith(find));
  const at = begins >= 0 ? begins : names.findIndex((name) => name.includes(find));
  return at < 0 ? field : { ...field, at, find };
}
