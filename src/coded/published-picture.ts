import type { CodedPicture } from '../codec/coded-picture.js'
import type { Published } from '../frames/drop-policy.js'

/** A coded picture with its number in a camera's hub. All receivers share its bytes, so nobody may write to them. */
export type PublishedPicture = CodedPicture & Published

/** What a group and its receivers have to know of a picture. */
export interface Decodable extends Published, Pick<CodedPicture, 'key' | 'bytes'> {}
