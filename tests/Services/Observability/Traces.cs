using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using EnterprisePortal.Audit;
using EnterprisePortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace EnterprisePortal.Tests.Observability;

/// <summary>One after the other: what is traced is all that happens in the process.</summary>
[CollectionDefinition(nameof(Traced), DisableParallelization = true)]
public sealed class Traced : ICollectionFixture<Traces>;

/// <summary>
/// A service that exports its traces, and with them, since sources of spans belong to the process, those of every other service of a test:
/// the product's own sampler, names and masks decide what is seen here.
/// </summary>
public sealed class Traces : Service<RecordActivity>
{
    readonly Kept kept = new();

    // Nobody is there; what would be sent there is kept.
    public Traces(Servers servers) : base(servers) => Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9";

    protected override void Replace(IServiceCollection services) =>
        services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(kept));

    public IReadOnlyList<Activity> Spans => [.. kept.Spans];

    /// <summary>The spans of the first trace that has all of these, once it has.</summary>
    public async Task<IReadOnlyList<Activity>> Of(params string[] names)
    {
        IReadOnlyList<Activity>? found = null;
        try
        {
            await Eventually(() =>
                (found = ByTrace.FirstOrDefault(trace => names.All(name => trace.Any(span => span.DisplayName == name)))) is not null);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(
                $"There are these traces:\n{string.Join("\n\n", ByTrace.Select(trace => string.Join('\n', trace.Select(InWords))))}", e);
        }
        return found!;
    }

    IEnumerable<Activity[]> ByTrace => Spans.GroupBy(span => span.TraceId).Select(trace => trace.ToArray());

    public static string InWords(Activity span) =>
        $"{span.TraceId} {span.ParentSpanId} -> {span.SpanId} {span.Kind} {span.Source.Name}: {span.DisplayName} "
        + $"[{string.Join(", ", span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))}]";

    sealed class Kept : BaseProcessor<Activity>
    {
        public ConcurrentQueue<Activity> Spans { get; } = new();

        // Other tests' listeners see, and so record, what this service's sampler drops: it is asked itself about what begins a trace.
        Sampler Sampler => (Sampler)ParentProvider!.GetType()
            .GetProperty("Sampler", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)!.GetValue(ParentProvider)!;

        public override void OnEnd(Activity data)
        {
            if (data.Recorded && (data.ParentSpanId != default || Begins(data)))
                Spans.Enqueue(data);
        }

        bool Begins(Activity root) =>
            Sampler.ShouldSample(new(default, root.TraceId, root.DisplayName, root.Kind)).Decision == SamplingDecision.RecordAndSample;
    }
}
