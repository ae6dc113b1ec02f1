// Errors a caller can act on. Bad data is never one of these: it is counted under a RejectReason.

/** Wrong usage or configuration: the CLI leaves with exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** An input that cannot be read or recognised. `code` tells the CLI which exit code it means. */
export class InputError extends Error {
  override name = 'InputError'
  /** `unrecognised`: no format fits (exit 3 when no input fits). `failed`: missing, unreadable, broken (exit 1). */
  readonly kind: 'unrecognised' | 'failed'

  constructor(kind: 'unrecognised' | 'failed', message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

/** An output that cannot be written: exit code 1. */
export class OutputError extends Error {
  override name = 'OutputError'
}
