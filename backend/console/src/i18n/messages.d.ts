/** The build gathers them from `i18n/` and from the folders of the screens. */
declare module 'servio:messages/*' {
  import type { AbstractIntlMessages } from 'use-intl';

  export const messages: AbstractIntlMessages;
}
