import type { Choice } from './Field.js';

/** A few choices side by side, of which one is taken; arrow keys change it. */
export function RadioRow<Value extends string>({
  label,
  name,
  value,
  onChange,
  choices,
}: {
  label: string;
  name: string;
  value: Value;
  onChange: (value: Value) => void;
  choices: readonly (Choice & { value: Value })[];
}) {
  return (
    <fieldset className="radios">
      <legend>{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className="radios__choice">
          <input
            type="radio"
            name={name}
            className="hidden-text"
            checked={value === choice.value}
            onChange={() => onChange(choice.value)}
          />
          <span>{choice.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
