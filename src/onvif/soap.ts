import { createHash, randomBytes } from 'node:crypto'
import type { Credentials } from '../credentials.js'
import { CamgateError } from '../errors.js'
import { find, textAt, type XmlElement } from '../xml/element.js'
import { escapeXml } from '../xml/escape.js'
import { parseXml } from '../xml/parse.js'
import { SoapFault } from './soap-fault.js'

const SECURITY = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'
const UTILITY = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd'
const TOKEN = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest'
const BASE64 = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary'

/** The namespaces of ONVIF's services that camgate uses. */
export const SERVICES = {
  device: 'http://www.onvif.org/ver10/device/wsdl',
  media: 'http://www.onvif.org/ver10/media/wsdl',
  ptz: 'http://www.onvif.org/ver20/ptz/wsdl'
} as const
export type Service = keyof typeof SERVICES

export const envelope = (body: string, header = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">${header && `<s:Header>${header}</s:Header>`}<s:Body>${body}</s:Body></s:Envelope>`

/** A UsernameToken with a digest (WS-Security, UsernameToken Profile 1.1). `created` is in milliseconds of the camera's own clock. */
export function usernameToken ({ username, password }: Credentials, created: number, nonce = randomBytes(16)): string {
  const time = new Date(created).toISOString()
  return `<Security s:mustUnderstand="1" xmlns="${SECURITY}"><UsernameToken><Username>${escapeXml(username)}</Username>` +
    `<Password Type="${TOKEN}">${passwordDigest(nonce, time, password)}</Password>` +
    `<Nonce EncodingType="${BASE64}">${nonce.toString('base64')}</Nonce><Created xmlns="${UTILITY}">${time}</Created></UsernameToken></Security>`
}

export const passwordDigest = (nonce: Buffer, created: string, password: string): string =>
  createHash('sha1').update(nonce).update(created).update(password).digest('base64')

/** The element within the answer's body. Throws SoapFault, XML_SYNTAX, ONVIF_ANSWER. */
export function readAnswer (xml: string): XmlElement {
  const root = parseXml(xml)
  const answer = root.name === 'Envelope' ? find(root, 'Body')?.children[0] : undefined
  if (!answer) throw new CamgateError('ONVIF_ANSWER', 'its answer is not one of ONVIF')
  if (answer.name === 'Fault') throw faultOf(answer)
  return answer
}

/** SOAP 1.2, or 1.1, which some cameras send. */
function faultOf (fault: XmlElement): SoapFault {
  const codes = [textAt(fault, 'Code', 'Value'), textAt(fault, 'Code', 'Subcode', 'Value'), textAt(fault, 'Code', 'Subcode', 'Subcode', 'Value'), textAt(fault, 'faultcode')]
  return new SoapFault(textAt(fault, 'Reason', 'Text') || textAt(fault, 'faultstring'), codes)
}
