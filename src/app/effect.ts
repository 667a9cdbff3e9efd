/**
 * What an operation does to the world. Surfaces decide by it, so none can forget a boundary:
 * `widen`, `destroy` and `approve` belong to a human and are offered neither to MCP nor to hooks.
 */
export type Effect = 'read' | 'append' | 'execute' | 'widen' | 'destroy' | 'approve';
