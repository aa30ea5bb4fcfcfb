import { CamgateError } from '../errors.js'

/** What is wrong with one value that was sent. */
export interface Fault {
  /** Its place in the camera, a JSON Pointer (RFC 6901); empty for the camera as a whole. */
  readonly pointer: string
  readonly message: string
}

export class InvalidCamera extends CamgateError {
  readonly faults: readonly Fault[]

  constructor (id: string, faults: readonly Fault[]) {
    const listed = faults.map(({ pointer, message }) => (pointer && `${pointer.slice(1).replaceAll('/', '.')}: `) + message)
    super('INVALID_CAMERA', `The camera ${id} was not changed: ${listed.join('; ')}.`)
    this.faults = faults
  }
}

export const pointerOf = (path: readonly string[]): string => path.map(part => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** The file cannot be written. `yaml` is what a person can write there instead, without secrets; undefined for a removal. */
export class NotWritable extends CamgateError {
  readonly yaml: string | undefined

  constructor (message: string, yaml?: string, options?: ErrorOptions) {
    super('NOT_WRITABLE', message, options)
    this.yaml = yaml
  }
}
