/** An error of the person's code, or of a limit that it ran into. */
export interface CodeFault {
  readonly kind: 'error' | 'syntax' | 'time' | 'memory';
  readonly message: string;
  /** From 1; 0 where it is not known. */
  readonly line: number;
}

export class SandboxError extends Error {
  readonly fault: CodeFault;
  constructor(fault: CodeFault) {
    super(fault.message);
    this.fault = fault;
  }
}
