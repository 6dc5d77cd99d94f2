import { type ComponentProps, type ReactNode, useId } from 'react';
import { Icon } from './Icon.js';

interface FieldTexts {
  label: string;
  hint?: ReactNode;
  /** Says what is wrong and what to enter. */
  error?: string | undefined;
}

interface FieldIds {
  id: string;
  'aria-invalid'?: true;
  'aria-describedby'?: string;
}

/**
 * A label, its control, a hint and an error. @param children gets what connects the control with
 * them.
 */
export function Field({ label, hint, error, children }: FieldTexts & { children: (ids: FieldIds) => ReactNode }) {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`]
    .filter(Boolean)
    .join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        ...(error === undefined ? {} : { 'aria-invalid': true }),
        ...(described ? { 'aria-describedby': described } : {}),
      })}
      {hint !== undefined && (
        <span className="field__hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error !== undefined && (
        <span className="field__error" id={`${id}-error`}>
          <Icon name="alert" /> {error}
        </span>
      )}
    </div>
  );
}

export function TextField({ label, hint, error, ...input }: FieldTexts & ComponentProps<'input'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => <input className="input" {...input} {...ids} />}
    </Field>
  );
}

export function TextArea({ label, hint, error, ...input }: FieldTexts & ComponentProps<'textarea'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => <textarea className="input" rows={3} {...input} {...ids} />}
    </Field>
  );
}

export interface Choice {
  value: string;
  label: string;
}

/** The system's own list: the best one for phones and screen readers. */
export function SelectField({
  label,
  hint,
  error,
  choices,
  ...select
}: FieldTexts & { choices: readonly Choice[] } & ComponentProps<'select'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <select className="input" {...select} {...ids}>
          {choices.map(({ value, label: text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
