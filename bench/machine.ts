// On what something was measured.
import { cpus, loadavg } from 'node:os';

export interface Machine {
  takenAt: string;
  node: string;
  processor: string;
  /** Programs that wanted the processor when the run began: above the number of its cores they had to wait for it. */
  loadAverage: number;
}

export function describeMachine(): Machine {
  return {
    takenAt: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    processor: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'an unknown processor'}`,
    loadAverage: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

export function formatMachine({ takenAt, processor, loadAverage, node }: Machine): string {
  return `Taken ${takenAt} on ${processor} with a load average of ${loadAverage} before, Node ${node}.`;
}
