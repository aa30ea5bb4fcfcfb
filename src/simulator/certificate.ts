import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'

/** Wraps sockets in TLS, as `rtsps:` needs, with a self-signed certificate that is valid from this date. */
export function tlsServer (from: Date): (socket: Socket) => Socket {
  const secureContext = createSecureContext(selfSigned('camgate simulator', from))
  return socket => new TLSSocket(socket, { isServer: true, secureContext })
}

/**
 * A key and a self-signed certificate, as cameras have them, both PEM. X.509 version 1 (RFC 5280 section 4.1): Node cannot write one,
 * and libraries for it bring a dozen others.
 */
export function selfSigned (name: string, from: Date): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const algorithm = sequence(objectId('2a8648ce3d040302')) // ecdsa-with-SHA256
  const commonName = sequence(tagged(0x31, sequence(objectId('550403'), tagged(0x0c, Buffer.from(name)))))
  const until = new Date(from)
  until.setUTCFullYear(from.getUTCFullYear() + 10)
  const serial = randomBytes(8)
  serial[0] = 1 // positive, without a padding byte
  const content = sequence(
    tagged(0x02, serial), algorithm, commonName, sequence(time(from), time(until)), commonName,
    publicKey.export({ type: 'spki', format: 'der' })
  )
  const signature = tagged(0x03, Buffer.from([0]), sign('sha256', content, privateKey))
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem(sequence(content, algorithm, signature))
  }
}

/** Tag, length and contents, X.690 section 8.1. */
function tagged (tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const length = content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

const sequence = (...contents: Buffer[]) => tagged(0x30, ...contents)
const objectId = (hex: string) => tagged(0x06, Buffer.from(hex, 'hex'))
/** GeneralizedTime. */
const time = (date: Date) => tagged(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]|\..*/g, '')}Z`))

const pem = (der: Buffer) => `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
