import { CamgateError } from '../errors.js'
import type { Target } from '../failure/target.js'
import { HttpRefusal } from '../http-client/http-answer.js'
import { httpFailure } from '../http-client/failure.js'
import { SoapFault } from './soap-fault.js'

/** Why a camera did not do what ONVIF asked it for, in whole sentences. */
export function onvifProblem (error: Error, target: Target): string {
  if (error instanceof SoapFault) return error.message
  if (error instanceof HttpRefusal) return `${error.message} Check the path of its ONVIF address.`
  switch (error instanceof CamgateError && error.code) {
    case 'ONVIF_REFUSED': return error.message
    case 'ONVIF_ANSWER':
    case 'XML_SYNTAX':
    case 'HTTP_CHUNKS':
    case 'HTTP_LIMIT':
    case 'HTTP_CLOSED': return `The camera's ONVIF cannot be used: ${error.message}.`
    default: return httpFailure(error, false, target).message
  }
}
