using System.Collections.Concurrent;
using Microsoft.Extensions.Http;

namespace EnterprisePortal.Tests.Support;

/// <summary>The network as a service sees it: only hosts that the test gave an answer for are there.</summary>
public sealed class Outbound : HttpMessageHandler, IHttpMessageHandlerBuilderFilter
{
    readonly ConcurrentDictionary<string, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>> hosts = new();

    /// <param name="host">With its port where it is not the scheme's own: <c>office.example</c>, <c>localhost:8090</c>.</param>
    public void Answer(string host, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) => hosts[host] = answer;

    public void Answer(string host, Func<HttpRequestMessage, HttpResponseMessage> answer) => Answer(host, (request, _) => Task.FromResult(answer(request)));

    /// <summary>Another service under test: <c>Outbound.Answer("identity", identity.Instance.Server.CreateHandler())</c>.</summary>
    public void Answer(string host, HttpMessageHandler service)
    {
        var invoker = new HttpMessageInvoker(service);
        Answer(host, invoker.SendAsync);
    }

    /// <summary>For a host that no test named; null: the test fails.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage>? Otherwise { get; set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        hosts.TryGetValue(request.RequestUri!.Authority, out var answer) ? answer(request, cancellationToken)
            : Otherwise is { } otherwise ? Task.FromResult(otherwise(request))
            : throw new InvalidOperationException($"{request.Method} {request.RequestUri}: no test gave an answer for {request.RequestUri.Authority}.");

    // Last in line, so that it also replaces what a named client configured for itself.
    Action<HttpMessageHandlerBuilder> IHttpMessageHandlerBuilderFilter.Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        // Telemetry goes to the collector of a test that has one (OtlpTraceExporter, OtlpMetricExporter, OtlpLogExporter).
        if (builder.Name?.StartsWith("Otlp", StringComparison.Ordinal) != true)
            builder.PrimaryHandler = new Shared(this);
    };

    /// <summary>The factory disposes of its handlers in turn; the network stays.</summary>
    sealed class Shared(Outbound network) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => network.SendAsync(request, cancellationToken);
    }
}
