-- The trace in which the report is generated: W3C traceparent of the request that ordered it.
alter table background_task add column trace_parent text;
