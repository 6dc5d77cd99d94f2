/** Refusals of the server as errors. */
import type { Problem } from './api.js';

/** A refusal: `problem.code` is for programs, the message says what to do. */
export class ServioError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ServioError';
    this.problem = problem;
  }
}

/** A proxy in between may answer without a problem of Servio. */
export async function problemOf(response: Response): Promise<Problem> {
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
