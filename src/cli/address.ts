import { CamgateError } from '../errors.js'

/** Where camgate listens, or where a command asks it. */
export const addressOptions = { host: { type: 'string' }, port: { type: 'string' } } as const

interface Address { readonly host?: string | undefined, readonly port?: string | undefined }

/** The option, or else the variable. @throws {CamgateError} USAGE */
export function addressOf ({ host, port }: Address, env: Record<string, string | undefined>): { host: string | undefined, port: number | undefined } {
  const written = port ?? (env.PORT || undefined)
  if (written !== undefined && !(/^\d{1,5}$/.test(written) && Number(written) <= 65_535)) {
    throw new CamgateError('USAGE', `The port is a whole number from 0 to 65535 (0: any free one), not ${JSON.stringify(written)}.`)
  }
  return { host: host ?? (env.HOST || undefined), port: written === undefined ? undefined : Number(written) }
}
