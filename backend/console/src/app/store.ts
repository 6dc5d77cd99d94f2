/** A value that components follow. */
export interface Store<Value> {
  get: () => Value;
  set: (value: Value) => void;
  /** @returns a function that ends the following. */
  follow: (onChange: () => void) => () => void;
}

export function store<Value>(initial: Value): Store<Value> {
  const followers = new Set<() => void>();
  let current = initial;
  return {
    get: () => current,
    set: (value) => {
      if (Object.is(value, current)) return;
      current = value;
      for (const onChange of followers) onChange();
    },
    follow: (onChange) => {
      followers.add(onChange);
      return () => followers.delete(onChange);
    },
  };
}

/** A store that this browser remembers. @param read checks the remembered value. */
export function rememberedStore<Value>(name: string, read: (value: unknown) => Value): Store<Value> {
  const key = `servio.${name}`;
  const kept = store(read(parse(localStorage.getItem(key))));
  addEventListener('storage', (event) => {
    if (event.key === key) kept.set(read(parse(event.newValue)));
  });
  return {
    ...kept,
    set: (value) => {
      if (value === undefined) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
      kept.set(value);
    },
  };
}

function parse(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
