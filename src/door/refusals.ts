import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CamgateError, ErrorCode } from '../errors.js'
import type { Caption } from '../stream/caption.js'
import type { RefusalPictures } from '../stream/refusal-pictures.js'
import { isForPerson } from './challenge.js'

const RELOAD = 'Reload the page that showed it.'
const captions: Partial<Record<ErrorCode, Caption>> = {
  BAD_CREDENTIALS: { title: 'You are logged out.', paragraphs: ['Log in again.'] },
  BAD_LINK: { title: 'This link is not valid.', paragraphs: [RELOAD] },
  CAMERA_NOT_FOUND: { title: 'There is no such camera here,', paragraphs: ['or you may not see it.'] },
  EXPIRED: { title: 'Your login has expired.', paragraphs: ['Log in again.'] },
  RENDITION_NOT_FOUND: { title: 'This camera has no picture of that name.', paragraphs: ['Correct or remove rendition= in its address.'] },
  UNAUTHENTICATED: { title: 'This camera is closed.', paragraphs: ['Log in to see it.'] }
}
/** Their text lists the names that there are, for whoever has mistyped one. */
const NAMING: readonly ErrorCode[] = ['CAMERA_NOT_FOUND', 'RENDITION_NOT_FOUND']
const expiredLink: Caption = { title: 'This link has expired.', paragraphs: [RELOAD] }

/** What a person reads in place of a picture; undefined for errors that are not about what they may see. */
const refusalCaption = (code: ErrorCode, isLink: boolean): Caption | undefined => isLink && code === 'EXPIRED' ? expiredLink : captions[code]

/** Answers an error with something else than JSON, if that suits the request. Resolves with whether it has. */
export type AnswerInstead = (error: CamgateError, status: number, request: FastifyRequest, reply: FastifyReply) => Promise<boolean>

/** Answers an `<img>` that is not let in with a picture that says why: browsers show it whatever the status is. */
export const answerWithPicture = (pictures: RefusalPictures): AnswerInstead => async (error, status, request, reply) => {
  const isLink = (request.query as { sig?: unknown }).sig !== undefined
  const caption = refusalCaption(error.code, isLink)
  if (!caption || !request.routeOptions.config.showsPicture || !wantsPicture(request, isLink)) return false
  if (NAMING.includes(error.code) && isForPerson(request.headers)) return false
  const { pieces } = await pictures.picture(caption)
  reply.code(status).header('Vary', 'Accept, Sec-Fetch-Dest').type('image/jpeg').send(Buffer.concat(pieces as Buffer[]))
  return true
}

/** Links are made for `<img>` tags. Other requests show by their headers that they come from one. */
function wantsPicture ({ headers: { accept = '', 'sec-fetch-dest': destination } }: FastifyRequest, isLink: boolean): boolean {
  return !accept.includes('application/json') && (isLink || destination === 'image' || accept.includes('image/'))
}
