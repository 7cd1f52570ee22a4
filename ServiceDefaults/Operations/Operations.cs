using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Messaging;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Operations;

/// <summary>
/// What every service offers its operators: its state, and the messages it has parked. Only the gateway's pages ask here, inside; it does
/// not forward these addresses, and they are no part of the API under review.
/// </summary>
public static class OperationsExtensions
{
    internal static WebApplicationBuilder AddOperations(this WebApplicationBuilder builder, string service)
    {
        builder.Services.AddSingleton(services => new ParkedMessages(
            services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<Broker>(),
            services.GetRequiredService<DirectoryReplica>(), services.GetRequiredService<IHostEnvironment>(),
            services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(services => new ReadState(service, services.GetRequiredService<NpgsqlDataSource>(),
            services.GetServices<WaitingSource>(), services.GetServices<IHostedService>(), services.GetService<HealthCheckService>()));
        return builder;
    }

    /// <param name="kind">A value of <see cref="WaitingKind"/>.</param>
    /// <param name="sql">Selects the name, since when (or null) and the problem (or null), oldest first.</param>
    public static WebApplicationBuilder AddWaiting(this WebApplicationBuilder builder, string kind, string sql, bool hasAddresses = false)
    {
        builder.Services.AddSingleton(new WaitingSource(kind, sql, hasAddresses));
        return builder;
    }

    internal static void MapOperations(this WebApplication app)
    {
        var operate = app.MapGroup("/api/operate").RequireAuthorization(Policies.Operator).ExcludeFromDescription();
        operate.MapGet("/state", (ReadState state, CancellationToken cancel) => state.Read(cancel)).WithName("ReadServiceState");
        operate.MapGet("/parked", ([AsParameters] PageQuery page, ParkedMessages parked, CancellationToken cancel) =>
            parked.List(page, cancel)).WithName("ListParkedMessages");
        operate.MapPost("/parked/send-back", async (Operator by, ParkedMessages parked, HttpContext http, CancellationToken cancel) =>
            new SentBack(await parked.SendAllBack(by.AsActor(), http.Ip(), cancel))).WithName("SendAllParkedMessagesBack");
        operate.MapPost("/parked/{id:guid}/send-back", async (Guid id, Operator by, ParkedMessages parked, HttpContext http,
            CancellationToken cancel) => Answer(await parked.SendBack(id, by.AsActor(), http.Ip(), cancel)))
            .WithName("SendParkedMessageBack");
        operate.MapPost("/parked/{id:guid}/discard", async (Guid id, DiscardParked body, Operator by, ParkedMessages parked,
            HttpContext http, CancellationToken cancel) => string.IsNullOrWhiteSpace(body.Why)
                ? Refusal.Invalid("why", "Say why: it stands in the log.")
                : Answer(await parked.Discard(id, body.Why.Trim(), by.AsActor(), http.Ip(), cancel)))
            .WithName("DiscardParkedMessage");
    }

    static IResult Answer(ParkedMessages.Outcome outcome) => outcome switch
    {
        ParkedMessages.Outcome.Done => TypedResults.NoContent(),
        ParkedMessages.Outcome.QueueIsGone => Refusal.Of("queue-gone",
            "The queue it came from is gone: a replica's own, which ended with it. Discard the message."),
        _ => TypedResults.NotFound()
    };

    public static Actor AsActor(this Operator person) => new(person.Id, person.Name, person.Email, OperatorRole.Level, OperatorRole.Log);

    static string? Ip(this HttpContext http) => http.Connection.RemoteIpAddress?.ToString();
}
