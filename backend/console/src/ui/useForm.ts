import { type FormEvent, useState } from 'react';
import { ServioError } from '../../../client/src/client.js';
import { useRefusals } from './refusals.js';

export interface Form {
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  isBusy: boolean;
  /** Why a field was refused, by its name in the request. */
  errorOf: (name: string) => string | undefined;
  /** A refusal that concerns no single field. */
  failure: Error | undefined;
}

/**
 * Sends a form of uncontrolled fields. The server checks it: what it says of a field is shown at
 * the field, and nothing that was typed is lost.
 * @param send gets the values by the names of the fields.
 */
export function useForm(send: (values: Record<string, string>) => Promise<void>): Form {
  const [failure, setFailure] = useState<Error>();
  const refusals = useRefusals();
  const [isBusy, setBusy] = useState(false);
  const named = failure instanceof ServioError ? (failure.problem.errors ?? []) : [];
  const submit = async (form: HTMLFormElement): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await send(valuesOf(form));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      setFailure(error);
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
    } finally {
      setBusy(false);
    }
  };
  return {
    onSubmit: (event) => {
      event.preventDefault();
      if (!isBusy) void submit(event.currentTarget);
    },
    isBusy,
    errorOf: (name) => {
      const fault = named.find(({ pointer }) => pointer === `/${name}` || pointer.startsWith(`/${name}/`));
      return fault && refusals.fault(fault);
    },
    failure: named.length > 0 ? undefined : failure,
  };
}

function valuesOf(form: HTMLFormElement): Record<string, string> {
  const fields = [...new FormData(form)].filter((field): field is [string, string] => typeof field[1] === 'string');
  return Object.fromEntries(fields);
}
