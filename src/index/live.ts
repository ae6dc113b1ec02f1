// darkwake/live: sources that never end, and outlets that events are handed to while they do.

export {
  parseAddress,
  checkUrl,
  isLoopback,
  LOOPBACK,
  showAddress,
  showUrl,
} from '../sources/live/address.js'
export type { Address } from '../sources/live/address.js'
export type { LiveHandle, LiveSink, LiveSource } from '../sources/live/live.js'
export { followFile } from '../sources/live/follow.js'
export { kafkaSource } from '../sources/live/kafka.js'
export type { KafkaOptions } from '../sources/live/kafka.js'
export { DEFAULT_TOPIC, mqttSource } from '../sources/live/mqtt.js'
export { replayFile } from '../sources/live/replay.js'
export { pipeSource } from '../sources/live/stdin.js'
export { tcpClient, tcpServer } from '../sources/live/tcp.js'
export { udpSource } from '../sources/live/udp.js'
export { webSocketSource } from '../sources/live/websocket.js'
export type { SubscribedBox } from '../sources/live/websocket.js'
export { cotCarrier } from '../sinks/live/cot.js'
export { createDelivery, RefusedError } from '../sinks/live/delivery.js'
export type { Carrier, DeliveryOptions } from '../sinks/live/delivery.js'
export { kafkaCarrier } from '../sinks/live/kafka.js'
export type { KafkaCarrierOptions } from '../sinks/live/kafka.js'
export { createLogFile } from '../sinks/live/log-file.js'
export type { LogPosition } from '../sinks/live/log-file.js'
export { mqttCarrier } from '../sinks/live/mqtt.js'
export type { Outlet, OutletStatus, Told } from '../sinks/live/outlet.js'
export { postgresCarrier } from '../sinks/live/postgres.js'
export { createQueue } from '../sinks/live/queue.js'
export type { Queue, Queued } from '../sinks/live/queue.js'
export { stdoutCarrier } from '../sinks/live/stdout.js'
export { webhookCarrier } from '../sinks/live/webhook.js'
