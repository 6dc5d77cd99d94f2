/** Several choices out of a short list. */
export function Checks({
  label,
  options,
  chosen,
  onChange,
}: {
  label: string;
  options: readonly { id: string; name: string }[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}) {
  if (options.length === 0) return null;
  return (
    <fieldset className="checks">
      <legend>{label}</legend>
      {options.map(({ id, name }) => (
        <label key={id} className="checks__choice">
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={() => onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}
