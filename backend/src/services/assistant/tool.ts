import { z } from 'zod';
import type { DataDomain } from '../../domain/assistant/assistant.js';
import type { Mask } from '../../domain/assistant/masking.js';
import type { Scope } from '../../domain/people/roles.js';
import type { Call } from '../../domain/shared/call.js';

export interface ToolResult {
  /** For the model: plain JSON, without data of guests. */
  data: unknown;
  /** For the screen: the figures that an answer is likely to cite. */
  figures: Record<string, string | number>;
  /** Address of the same data in the API. */
  href: string;
  domains: readonly DataDomain[];
}

export interface ToolContext {
  /** The restaurant and the rights are the caller's, never the model's. */
  call: Call;
  mask: Mask;
  /** Running business date of the restaurant. */
  today: string;
}

/** One thing that the model may ask for. */
export interface Tool {
  name: string;
  description: string;
  /** A caller without it does not get the tool. */
  scope: Scope;
  /** Its result holds text that guests or suppliers wrote: afterwards nothing is proposed. */
  hasForeignText: boolean;
  isProposal: boolean;
  /** JSON schema of the arguments. */
  parameters: Record<string, unknown>;
  /** @throws ZodError for arguments of another form; AppError of the service. */
  run(context: ToolContext, args: unknown): Promise<ToolResult>;
}

interface ToolSpec<A extends z.ZodObject> extends Pick<Tool, 'name' | 'description' | 'scope'> {
  /** Strict: a model that invents a field, such as a restaurant, is told so. */
  args: A;
  hasForeignText?: boolean;
  isProposal?: boolean;
  run(context: ToolContext, args: z.output<A>): Promise<ToolResult>;
}

export function tool<A extends z.ZodObject>(spec: ToolSpec<A>): Tool {
  const { $schema: _dialect, ...parameters } = z.toJSONSchema(spec.args, { io: 'input', unrepresentable: 'any' });
  return {
    name: spec.name,
    description: spec.description,
    scope: spec.scope,
    hasForeignText: spec.hasForeignText ?? false,
    isProposal: spec.isProposal ?? false,
    parameters,
    run: (context, args) => spec.run(context, spec.args.parse(args)),
  };
}

export const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'Give a day as YYYY-MM-DD.');
export const few = z.int().min(1).max(50).default(20);
export const thing = z.uuid('Give an id that another tool returned.').toLowerCase();
export const search = z.string().trim().min(1).max(100).optional();

/** An address with its query; fields without a value are left out. */
export function hrefOf(path: string, query: Record<string, string | number | undefined>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}
