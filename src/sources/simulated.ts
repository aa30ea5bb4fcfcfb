import { Type, type Static } from 'typebox'
import { FaultSchema } from '../faults/fault.js'

export const SimulatedSchema = Type.Object({
  type: Type.Literal('simulated'),
  codec: Type.Optional(Type.Union([Type.Literal('h264'), Type.Literal('h265'), Type.Literal('mjpeg')], {
    default: 'h264', description: 'What the camera sends.'
  })),
  auth: Type.Optional(Type.Union([Type.Literal('none'), Type.Literal('basic'), Type.Literal('digest')], {
    default: 'none', description: "How it asks for the camera's username and password."
  })),
  fault: Type.Optional(FaultSchema)
}, {
  additionalProperties: false,
  description: 'A camera that does not exist: camgate plays it itself, over real RTSP.'
})

type Written = Static<typeof SimulatedSchema>

/** At startup it is replaced by an `rtsp` source with the address of the simulator in this process. */
export type SimulatedSource = Written & Required<Pick<Written, 'codec' | 'auth'>>

export const normalizeSimulated = (written: Written): SimulatedSource => ({ codec: 'h264', auth: 'none', ...written })

export const simulatedLabel = ({ codec }: SimulatedSource): string => `simulated ${codec}`
