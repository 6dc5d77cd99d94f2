/** On or off, at once. @param label is spoken; write it beside the switch, too. */
export function Switch({
  isOn,
  label,
  onChange,
  isDisabled,
}: {
  isOn: boolean;
  label: string;
  onChange: (isOn: boolean) => void;
  isDisabled?: boolean;
}) {
  return (
    <button
      type="button"
      role="switch"
      className="switch"
      aria-checked={isOn}
      aria-label={label}
      disabled={isDisabled}
      onClick={() => onChange(!isOn)}
    />
  );
}
