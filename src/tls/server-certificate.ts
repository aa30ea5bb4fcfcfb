import { constants } from 'node:crypto'
import { MIN_TLS_VERSION, type KeyPair } from './key-pair.js'

/** The key and certificate of camgate's own server. */
export interface ServerCertificate {
  readonly pair: KeyPair
  /** Calls `use` with each pair that takes the place of the last. New connections get the new certificate, open ones keep theirs. */
  follow (use: (pair: KeyPair) => void): void
  close (): void
}

/** What Node's TLS server is given, at first and with each new pair. */
export const secureOptions = ({ key, cert }: KeyPair) =>
  ({ key, cert, minVersion: MIN_TLS_VERSION, secureOptions: constants.SSL_OP_NO_RENEGOTIATION } as const)
