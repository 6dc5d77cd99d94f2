/** Processor time of processes, from proc(5). */
import { readdirSync, readFileSync } from 'node:fs';

const TICK_MS = 10;

/** User and system time of a process, in milliseconds. */
export function cpuMs(pid: number): number {
  const [user, system] = timesOf(pid);
  return (user + system) * TICK_MS;
}

/**
 * The same of a process with all of its children: of PostgreSQL, every connection and every
 * background process, also those that have ended.
 */
export function cpuMsOfAll(pid: number): number {
  const [user, system, userOfEnded, systemOfEnded] = timesOf(pid);
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === pid);
  const living = children.reduce((sum, child) => sum + cpuMs(Number(child)), 0);
  return (user + system + userOfEnded + systemOfEnded) * TICK_MS + living;
}

/** In ticks: own user and system time, and that of ended children. All 0 for an ended process. */
function timesOf(pid: number): [number, number, number, number] {
  const fields = fieldsOf(pid);
  const ticks = (index: number) => Number(fields[index] ?? 0);
  return [ticks(11), ticks(12), ticks(13), ticks(14)];
}

function parentOf(pid: number): number {
  return Number(fieldsOf(pid)[1]);
}

/** The fields from the third one, which follows the name in brackets. */
function fieldsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  } catch {
    return [];
  }
}

/** Resident memory in MB. */
export function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}
