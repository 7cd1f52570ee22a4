using System.Globalization;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.Messaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace EnterprisePortal.ServiceDefaults.Operations;

/// <summary>
/// The operators' pages for a shell, one service at a time, also while the gateway or Identity is down: <c>dotnet Search.dll operate
/// parked</c>, with the service's connection strings. Whoever has those may do it; the log names the login of the machine.
/// </summary>
public static class OperateCommand
{
    public const string Name = "operate";
    const string Usage = "Usage: operate state | parked | send-back <id or all> | discard <id> <why>";

    /// <param name="service">The name of its database.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> Operate(this WebApplicationBuilder builder, string service, string[] args)
    {
        builder.AddServiceDefaults();
        builder.AddNpgsqlDataSource(service);
        builder.Services.AddSingleton<Broker>();
        builder.Services.AddSingleton<DirectoryReplica>();
        builder.AddOperations(service);
        await using var app = builder.Build();
        await app.Services.GetRequiredService<DirectoryReplica>().Load(app.Services.GetRequiredService<NpgsqlDataSource>(), default);
        var parked = app.Services.GetRequiredService<ParkedMessages>();
        var by = new Actor(null, $"{Environment.UserName} (shell)", "", OperatorRole.Level, OperatorRole.Log);
        switch (args)
        {
            case ["state"]:
                await State(app.Services.GetRequiredService<ReadState>());
                return 0;
            case ["parked"]:
                await List(parked);
                return 0;
            case ["send-back", "all"]:
                Console.WriteLine($"{await parked.SendAllBack(by, null, default)} sent back.");
                return 0;
            case ["send-back", var text] when Guid.TryParse(text, out var id):
                return Told(await parked.SendBack(id, by, null, default));
            case ["discard", var text, .. { Length: > 0 } why] when Guid.TryParse(text, out var id):
                return Told(await parked.Discard(id, string.Join(' ', why), by, null, default));
            default:
                await Console.Error.WriteLineAsync(Usage);
                return 1;
        }
    }

    static async Task State(ReadState state)
    {
        var now = await state.Read(default);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"outbox {now.Outbox}, oldest {now.OutboxAgeSeconds:0} s; parked {now.Parked}, oldest {now.ParkedAgeSeconds:0} s"));
        foreach (var work in now.Waiting)
            Console.WriteLine($"{work.Kind} {work.Name} since {work.Since:u} {work.Problem}");
    }

    static async Task List(ParkedMessages parked)
    {
        for (string? cursor = null, next = ""; next is not null; cursor = next)
        {
            var page = await parked.List(new(200, cursor), default);
            foreach (var message in page.Items)
                Console.WriteLine($"{message.Id} {message.FailedAt:u} {message.Queue} {message.Type}: {message.Reason}");
            next = page.Next;
        }
    }

    static int Told(ParkedMessages.Outcome outcome)
    {
        Console.WriteLine(outcome switch
        {
            ParkedMessages.Outcome.Done => "Done.",
            ParkedMessages.Outcome.QueueIsGone => "The queue it came from is gone. Discard the message.",
            _ => "There is no such message."
        });
        return outcome == ParkedMessages.Outcome.Done ? 0 : 1;
    }
}
