import { useEffect } from 'react';

interface Policies {
  createPolicy: (
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ) => {
    createScriptURL: (url: string) => string;
  };
}

/** Lets the browser keep the console's files, so that this screen starts without a connection. */
export function useOfflineStart(): void {
  useEffect(() => {
    if (!('serviceWorker' in navigator)) return;
    // Not every browser has Trusted Types; where they are, an address of a script needs them.
    const { trustedTypes } = window as { trustedTypes?: Policies };
    const rules = { createScriptURL: () => '/console/sw.js' };
    const url = trustedTypes?.createPolicy('servio-worker', rules).createScriptURL('') ?? rules.createScriptURL();
    navigator.serviceWorker.register(url, { scope: '/console' }).catch(() => undefined);
  }, []);
}
