import { useEffect, useMemo, useState } from 'react';

/** Pauses of typing that are shorter ask the server nothing. */
const TYPING_MS = 250;

/** A value that people type, once the typing rests. @param value plain JSON. */
export function useRested<Value>(value: Value): Value {
  const text = JSON.stringify(value);
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(setRested, TYPING_MS, text);
    return () => clearTimeout(timer);
  }, [text]);
  // The text was made of such a value.
  return useMemo(() => JSON.parse(rested) as Value, [rested]);
}
