import { CamgateError } from '../errors.js'
import { quotable } from '../text/redact.js'

const MAX_REASON_CHARS = 100

/** The device refuses a request. `refusesLogin`: because it does not know who asks. */
export class SoapFault extends CamgateError {
  readonly refusesLogin: boolean

  constructor (reason: string, codes: readonly string[]) {
    super('ONVIF_FAULT', `The camera refuses what ONVIF asks for${reason && `: ${quotable(reason, MAX_REASON_CHARS).replace(/\.+$/, '')}`}.`)
    this.refusesLogin = codes.some(code => /(?:NotAuthorized|FailedAuthentication)$/i.test(code))
  }
}
