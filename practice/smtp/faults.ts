/** What can be made to go wrong in the practice mail server; all off until asked for. */
export interface SmtpFaults {
  slowMs: number;
  /** Addresses that are refused for good (550). */
  rejectRecipients: string[];
  /** Put the next this many mails off with 451: try again later. */
  temporaryFailures: number;
  /** Keep the next this many mails, then cut the connection before saying so: the outcome is uncertain. */
  dropAfterEffect: number;
  /** Refuse every sign-in with 535. */
  refuseSignIn: boolean;
}

function noFaults(): SmtpFaults {
  return { slowMs: 0, rejectRecipients: [], temporaryFailures: 0, dropAfterEffect: 0, refuseSignIn: false };
}

export class SmtpFaultState {
  settings: SmtpFaults = noFaults();

  set(changes: Partial<SmtpFaults>): void {
    this.settings = { ...this.settings, ...changes };
  }

  clear(): void {
    this.settings = noFaults();
  }

  /** Counts a fault down; true where it is this mail's turn. */
  take(name: 'temporaryFailures' | 'dropAfterEffect'): boolean {
    if (this.settings[name] <= 0) return false;
    this.settings[name]--;
    return true;
  }

  rejects(address: string): boolean {
    return this.settings.rejectRecipients.some((refused) => refused.toLowerCase() === address.toLowerCase());
  }
}
