import { useEffect, useState } from 'react';

/** Pauses of typing that are shorter change nothing. */
const TYPING_MS = 250;

interface SearchFieldProps {
  id: string;
  label: string;
  /** What is searched now. */
  value: string;
  /** Called when the typing rests; undefined for nothing. */
  onChange: (value: string | undefined) => void;
  placeholder?: string;
  className?: string;
}

/** A field that searches while somebody types. `/` goes to the first one of a screen. */
export function SearchField({ id, label, value, onChange, placeholder, className = '' }: SearchFieldProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return undefined;
    const timer = setTimeout(() => onChange(text.trim() || undefined), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        type="search"
        placeholder={placeholder}
        autoComplete="off"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
    </div>
  );
}
