/** What the server finds for the words in the command palette. */
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import type { OperationName } from '../../../../client/src/client.js';
import { useFormat } from '../../i18n/format.js';
import { useMay } from '../me.js';
import { type Takes, useCall } from '../queries.js';
import type { Choice, ChoiceGroup } from './choices.js';

/** A single letter finds everything. */
const LEAST_LETTERS = 2;
const SHOWN = 5;

export interface Found {
  groups: ChoiceGroup[];
  isSearching: boolean;
  /** A search was refused, or the server is out of reach. */
  failure: Error | null;
}

/** Orders, dishes, suppliers and papers that the person may see. Numbers of papers are whole. */
export function useFound(wanted: string): Found {
  const t = useTranslations();
  const { money, moment } = useFormat();
  const mayEdit = useMay('menu:write');
  const [mayOrders, mayMenu, mayBuy] = [useMay('orders:read'), useMay('menu:read'), useMay('purchasing:read')];
  const mayRead = useMay('documents:read');
  const isNumber = /\d/.test(wanted);
  // Prefixes of numbers are written in capitals.
  const number = wanted.toUpperCase();

  const orders = useSearch(
    'listOrders',
    { query: { limit: SHOWN, lines: false, ...(isNumber ? { number: wanted } : { customer: wanted }) } },
    wanted,
    mayOrders,
  );
  const items = useSearch('listMenuItems', { query: { limit: SHOWN, q: wanted } }, wanted, mayMenu);
  const suppliers = useSearch('listSuppliers', { query: { limit: SHOWN, q: wanted } }, wanted, mayBuy);
  const documents = useSearch('listDocuments', { query: { limit: SHOWN, number } }, wanted, mayRead && isNumber);
  const bought = useSearch('listPurchaseOrders', { query: { limit: SHOWN, number } }, wanted, mayBuy && isNumber);
  const invoices = useSearch(
    'listSupplierInvoices',
    { query: { limit: SHOWN, number: wanted } },
    wanted,
    mayBuy && isNumber,
  );
  const all: readonly UseQueryResult[] = [orders, items, suppliers, documents, bought, invoices];

  return {
    groups: [
      group(t('orders.title'), orders, ({ id, number: name, createdAt, total, customer }) => ({
        key: id,
        icon: 'orders',
        text: name,
        hint: [customer?.name, moment(createdAt), money(total)].filter(Boolean).join(' · '),
        go: `/orders/${id}`,
      })),
      group(t('menu.title'), items, ({ id, name, price }) => ({
        key: id,
        icon: 'menu',
        text: name,
        hint: money(price),
        go: mayEdit ? `/menu?view=items&item=${id}` : `/menu?q=${encodeURIComponent(name)}`,
      })),
      group(t('purchasing.suppliers'), suppliers, ({ id, name, contactName }) => ({
        key: id,
        icon: 'truck',
        text: name,
        ...(contactName && { hint: contactName }),
        go: `/purchasing?view=suppliers&supplier=${id}`,
      })),
      group(t('documents.title'), documents, ({ id, number: name, type, customer }) => ({
        key: id,
        icon: 'document',
        text: name ?? '',
        hint: [t(`documents.types.${type}`), customer?.name].filter(Boolean).join(' · '),
        go: `/documents?document=${id}`,
      })),
      group(t('purchasing.title'), bought, ({ id, number: name, status }) => ({
        key: id,
        icon: 'truck',
        text: name ?? '',
        hint: t(`purchasing.status.${status}`),
        go: `/purchasing/${id}`,
      })),
      group(t('supplierInvoices.title'), invoices, ({ id, number: name, supplier }) => ({
        key: id,
        icon: 'invoice',
        text: name ?? '',
        ...(supplier.name && { hint: supplier.name }),
        go: `/supplier-invoices/${id}`,
      })),
    ],
    isSearching: all.some(({ isFetching }) => isFetching),
    failure: all.find(({ error }) => error)?.error ?? null,
  };
}

function useSearch<Name extends OperationName>(name: Name, takes: Takes<Name>, wanted: string, may: boolean) {
  const enabled = may && wanted.length >= LEAST_LETTERS;
  const query = useCall(name, takes, { enabled, keeps: true });
  // Answers for other words stay until the next ones come, but not when nothing is asked.
  return enabled ? query : { ...query, data: undefined };
}

function group<One>(
  label: string,
  { data }: { data: { data: One[] } | undefined },
  choiceOf: (one: One) => Choice,
): ChoiceGroup {
  return { label, choices: data?.data.map(choiceOf) ?? [] };
}
