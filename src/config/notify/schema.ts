/* eslint-disable no-template-curly-in-string -- the file itself contains ${…} */
import { Type, type Static } from 'typebox'
import { whichCameras } from '../server-schema.js'

const EventSchema = Type.Union([Type.Literal('down'), Type.Literal('up'), Type.Literal('stopped'), Type.Literal('started')])
export type NotifyEvent = Static<typeof EventSchema>

export const notifyPresets = { on: ['down', 'up'], after: '30s' } as const
const MAX_TARGETS = 20

const TargetSchema = Type.Object({
  url: Type.String({ examples: ['https://hooks.example.org/camgate'], description: 'Where notifications are posted: https, or http in a network that you trust. It is kept secret, because whoever knows such an address can post there.' }),
  on: Type.Optional(Type.Array(EventSchema, {
    minItems: 1, maxItems: EventSchema.anyOf.length, examples: ['[down, up]'], default: [...notifyPresets.on], description: 'What to tell. down: a camera shows no pictures though it should; up: it shows pictures again after down was told; stopped, started: somebody has stopped or started it.'
  })),
  after: Type.Optional(Type.String({
    pattern: '^\\d{1,9}[smh]$', title: 'a time such as 30s or 5m', default: notifyPresets.after, description: 'Tell down only of a camera that has shown no pictures for so long. Most come back by themselves.'
  })),
  cameras: whichCameras('The cameras that are told of.'),
  secret: Type.Optional(Type.String({
    pattern: '^whsec_', title: 'a secret such as echo whsec_$(openssl rand -base64 32) prints', examples: ['${file:/run/secrets/hook}'], description: 'Signs each notification as Standard Webhooks does, so that its receiver can tell it from a forgery.'
  }))
}, { additionalProperties: false, title: 'a map such as { url: https://hooks.example.org/camgate, on: [down, up], after: 30s }' })

export const NotifySchema = Type.Array(TargetSchema, {
  minItems: 1, maxItems: MAX_TARGETS, title: 'a list such as [{ url: https://hooks.example.org/camgate }]', description: 'Programs that are told by HTTP when cameras fail and recover (webhooks).'
})

export const notifyKeys = Object.keys(TargetSchema.properties)
export type TargetKeys = Static<typeof TargetSchema>
