import { CamgateError } from '../errors.js'
import { originFor } from './addresses.js'
import type { ServerSettings } from './server.js'

/**
 * Adds what the environment says about the door: CAMGATE_AUTH=none and CAMGATE_ORIGINS, with commas. An empty variable counts as unset.
 *
 * @throws {CamgateError} CONFIG
 */
export function withEnvironment (server: ServerSettings, { CAMGATE_AUTH: auth, CAMGATE_ORIGINS: origins = '' }: Record<string, string | undefined>): ServerSettings {
  if (auth && auth !== 'none') throw new CamgateError('CONFIG', 'CAMGATE_AUTH may only be none, which lets everybody in; users are written in cameras.yaml, below server: auth:.')
  if (auth && typeof server.auth === 'object') {
    throw new CamgateError('CONFIG', 'CAMGATE_AUTH=none lets everybody in, but cameras.yaml has server: auth:. Remove CAMGATE_AUTH (compose.yaml or docker run -e may set it), or remove auth.')
  }
  const added = origins.split(',').map(origin => origin.trim()).filter(Boolean).map(origin => {
    const reading = originFor(origin)
    if ('value' in reading) return reading.value
    throw new CamgateError('CONFIG', `CAMGATE_ORIGINS holds origins such as https://app.example.org, with commas between them, and not ${JSON.stringify(origin)}${reading.hint}.`)
  })
  return { ...server, ...auth && { auth: 'none' }, origins: [...new Set([...server.origins, ...added])] }
}
