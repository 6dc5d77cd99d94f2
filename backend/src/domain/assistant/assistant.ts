/** What the assistant reads, says and proposes. */

/** Kinds of data whose versions cached answers depend on. */
export type DataDomain = 'menu' | 'orders' | 'past' | 'stock' | 'documents' | 'purchasing';
export type DataVersions = Record<DataDomain, number>;

export const PROPOSAL_ACTIONS = ['set_availability', 'set_price', 'draft_purchase_order', 'open_stock_count'] as const;
export type ProposalAction = (typeof PROPOSAL_ACTIONS)[number];

/** What an answer was computed from, so that a screen can show and link it. */
export interface Source {
  tool: string;
  arguments: Record<string, unknown>;
  figures: Record<string, string | number>;
  /** Address of the same data in the API. */
  href: string;
}

/** One changed field of a proposal. */
export interface ProposedChange {
  field: string;
  from: string | number | boolean | null;
  to: string | number | boolean | null;
}

export interface Proposal {
  id: string;
  action: ProposalAction;
  /** Name of the thing that changes. */
  subject: string;
  diff: ProposedChange[];
  hash: string;
  expiresAt: string;
}

export interface AssistantUsage {
  inputTokens: number;
  outputTokens: number;
  isEstimated: boolean;
}

export interface AssistantAnswer {
  conversationId: string;
  text: string;
  sources: Source[];
  proposals: Proposal[];
  usage: AssistantUsage;
  isCached: boolean;
}

/** A question as it is compared with earlier ones: case, blanks and final marks do not matter. */
export function normalizedQuestion(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .replace(/[\s?!.]+$/, '')
    .trim();
}
