/** The build gathers them from `i18n/` and from the folders of the screens. */
declare module 'servio:messages/*' {
  import type { AbstractIntlMessages } from 'use-intl';

  export const messages: AbstractIntlMessages;
}

/** The groups of messages that the doors need. */
declare module 'servio:doorMessages/*' {
  export const messages: Record<string, Record<string, string>>;
}

/** The console, which is built before the start of the page. */
declare module 'servio:built' {
  export const console: {
    load: () => Promise<{ startConsole: (root: HTMLElement, entry?: object) => void }>;
    /** Addresses of its scripts, with those of the shell and the messages. */
    filesIn: (language: string) => string[];
    style: string;
  };
}
