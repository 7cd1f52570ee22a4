using System.Collections.Concurrent;
using Microsoft.Extensions.Http;

namespace EnterprisePortal.Tests.Support;

/// <summary>The network as a service sees it: only hosts with an answer from the test exist.</summary>
public sealed class Outbound : HttpMessageHandler, IHttpMessageHandlerBuilderFilter
{
    readonly ConcurrentDictionary<string, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>> hosts = new();

    /// <param name="host">With its port if it is not the scheme's default: <c>office.example</c>, <c>localhost:8090</c>.</param>
    public void Answer(string host, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) => hosts[host] = answer;

    public void Answer(string host, Func<HttpRequestMessage, HttpResponseMessage> answer) =>
        Answer(host, (request, _) => Task.FromResult(answer(request)));

    /// <summary>Another service under test: <c>Outbound.Answer("identity", identity.Instance.Server.CreateHandler())</c>.</summary>
    public void Answer(string host, HttpMessageHandler service)
    {
        var invoker = new HttpMessageInvoker(service);
        Answer(host, invoker.SendAsync);
    }

    /// <summary>Answers for hosts without one; null: the test fails.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage>? Otherwise { get; set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        hosts.TryGetValue(request.RequestUri!.Authority, out var answer) ? answer(request, cancellationToken)
            : Otherwise is { } otherwise ? Task.FromResult(otherwise(request))
            : throw new InvalidOperationException(
                $"{request.Method} {request.RequestUri}: no test gave an answer for {request.RequestUri.Authority}.");

    // Last in line, so that it also replaces a named client's own handler.
    Action<HttpMessageHandlerBuilder> IHttpMessageHandlerBuilderFilter.Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        // Telemetry goes to a test's collector, if it has one (OtlpTraceExporter, OtlpMetricExporter, OtlpLogExporter).
        if (builder.Name?.StartsWith("Otlp", StringComparison.Ordinal) != true)
            builder.PrimaryHandler = new Shared(this);
    };

    /// <summary>The factory disposes of its handlers now and then; the network must survive that.</summary>
    sealed class Shared(Outbound network) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            network.SendAsync(request, cancellationToken);
    }
}
