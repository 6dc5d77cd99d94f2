/** Refusals of the server as errors. */
import type { Problem } from './api.js';

/** A refusal: `problem.code` is for programs, the message says what to do. */
export class ServioError extends Error {
  readonly problem: Problem;
  /** Seconds after which another try may succeed, where the server told them. */
  readonly retryAfter: number | undefined;

  constructor(problem: Problem, retryAfter?: number) {
    super(problem.detail);
    this.name = 'ServioError';
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** The error of an answer that is a refusal. */
export async function refusalOf(response: Response): Promise<ServioError> {
  const asked = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ServioError(await problemOf(response), Number.isNaN(asked) ? undefined : asked);
}

/** A proxy in between may answer without a problem of Servio. */
async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const problem: unknown = JSON.parse(text);
    if (typeof problem === 'object' && problem !== null && 'code' in problem) return problem as Problem;
  } catch {
    // It was no JSON.
  }
  const { status, statusText: title } = response;
  return { type: 'about:blank', title, status, detail: `Status ${status}`, code: 'no_problem', requestId: '' };
}
