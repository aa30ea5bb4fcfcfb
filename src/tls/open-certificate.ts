import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { Registry } from '../config/registry.js'
import { StateFolder } from '../state-folder.js'
import { CertificateFiles } from './certificate-files.js'
import { SelfSigned } from './self-signed.js'
import type { ServerCertificate } from './server-certificate.js'

/** The certificate that `server.tls` names. @throws {CamgateError} TLS, STATE */
export async function openCertificate (tls: NonNullable<Registry['server']['tls']>, stateDir: string | undefined, clock: Clock, log: Logger): Promise<ServerCertificate> {
  return tls === 'self-signed' ? await SelfSigned.open(await StateFolder.open(stateDir), clock, log) : await CertificateFiles.open(tls, clock, log)
}
