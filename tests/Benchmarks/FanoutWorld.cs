using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EnterprisePortal.AppHost.Stores;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.SignIn;
using EnterprisePortal.Tests.Stores;
using EnterprisePortal.Tests.Support;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EnterprisePortal.Benchmarks;

/// <summary>
/// Reports as it runs, each replica a process of its own, on a PostgreSQL and a RabbitMQ of their own (so that each one's work can be told
/// apart); in this process the stand-ins for Identity and for one host with thousands of accounts, each of whose reports takes <see
/// cref="ReportTakes"/>.
/// </summary>
sealed class FanoutWorld : IAsyncDisposable
{
    public const int Most = 3000;
    static readonly TimeSpan Held = TimeSpan.FromSeconds(1);
    static readonly Guid Small = Guid.CreateVersion7(), Large = Guid.CreateVersion7();
    readonly string folder = Directory.CreateTempSubdirectory("enterprise-portal-fanout-").FullName;
    readonly ConcurrentDictionary<string, long> tasks = new();
    readonly List<Process> replicas = [];
    PrivatePostgres postgres = null!;
    PrivateRabbitMQ rabbit = null!;
    WebApplication stubs = null!;
    IBusControl bus = null!;
    NpgsqlDataSource db = null!;
    byte[] file = [];
    ReportFile about = null!;

    public TimeSpan ReportTakes { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Of each account's file.</summary>
    public int Rows
    {
        get => about.Rows;
        set
        {
            var csv = new StringBuilder("Section,Date,Method,Amount,Family,Family Id,Status\r\n");
            for (var row = 0; row < value; row++)
                csv.Append(CultureInfo.InvariantCulture,
                    $"Deposits,2026-10-{1 + row % 28:00},Card,{1 + row % 90}.25,\"Measured, Bea {row}\",{row},Received\r\n");
            file = Encoding.UTF8.GetBytes(csv.ToString());
            about = new("FIN-2.csv", value,
                [new("Section", "text"), new("Date", "date"), new("Method", "text"), new("Amount", "money"), new("Family", "text", true),
                    new("Family Id", "text"), new("Status", "text")],
                new Dictionary<string, decimal> { ["Amount"] = Enumerable.Range(0, value).Sum(row => 1.25m + row % 90) },
                ["Deleted and failed"]);
        }
    }

    public Uri Stubs => new(stubs.Urls.Single());

    public int Replica(int number) => replicas[number].Id;

    public int Postgres => postgres.ProcessId;

    public int Rabbit => rabbit.ProcessId;

    public static async Task<FanoutWorld> Start()
    {
        var world = new FanoutWorld { Rows = 1 };
        try
        {
            var broker = PrivateRabbitMQ.Start(Path.Combine(world.folder, "rabbitmq"));
            world.postgres = await PrivatePostgres.Start(Path.Combine(world.folder, "postgres"), durable: true);
            world.rabbit = await broker;
            await using (var server = NpgsqlDataSource.Create(world.postgres.ConnectionString + ";Database=postgres;Pooling=false"))
            await using (var create = server.CreateCommand("create database reports"))
                await create.ExecuteNonQueryAsync();
            world.db = NpgsqlDataSource.Create(world.postgres.ConnectionString + ";Database=reports");
            await world.StartStubs();
            world.bus = Bus.Factory.CreateUsingRabbitMq(configure => configure.Host(new Uri(world.rabbit.ConnectionString)));
            await world.bus.StartAsync();
            await world.AddReplica();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public async Task AddReplica()
    {
        var port = FreePort.Next();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Reports.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}", ["ASPNETCORE_ENVIRONMENT"] = "Development" /*
                    where accounts may live on this machine */, ["Logging__LogLevel__Default"] = "Warning",
                        ["DOTNET_GCgen0size"] = "0x1000000", ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
                ["ConnectionStrings__reports"] = postgres.ConnectionString + ";Database=reports",
                ["ConnectionStrings__messaging"] = rabbit.ConnectionString, ["services__identity__http__0"] = Stubs.ToString(),
                ["Portal__Url"] = TestIdentity.Issuer, ["Portal__Client"] = "reports", ["Portal__ClientSecret"] = "secret",
                ["DataProtection__Key"] = "a key that only the benchmark knows"
            }
        };
        var replica = Process.Start(start)!;
        replica.OutputDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        replica.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        replica.BeginOutputReadLine();
        replica.BeginErrorReadLine();
        replicas.Add(replica);
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}/") };
        for (var tries = 0; !await IsHealthy(http); tries++)
        {
            if (replica.HasExited || tries > 300)
                throw new InvalidOperationException("Reports did not start.");
            await bus.Publish(Enterprise(Small, 300));
            await bus.Publish(Enterprise(Large, Most));
            await Task.Delay(200);
        }
        await Task.Delay(TimeSpan.FromSeconds(1));
        if (replicas.Count == 1)
            Client = Of(http.BaseAddress);
    }

    public HttpClient Client { get; private set; } = null!;

    static HttpClient Of(Uri address) => new() { BaseAddress = address, Timeout = TimeSpan.FromMinutes(10) };

    static async Task<bool> IsHealthy(HttpClient http)
    {
        try
        {
            return (await http.GetAsync(new Uri("health", UriKind.Relative))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    DirectoryChanged Enterprise(Guid id, int accounts)
    {
        AccountState[] all = [.. Enumerable.Range(0, accounts).Select(Account)];
        return new(id, "Benchmark", 1,
            [new(id, "Benchmark", null, true, "portal-user@benchmark.example", "portal-admin@benchmark.example",
                [.. all.Select(account => account.Code)])], all);

        AccountState Account(int number) => new(Code(accounts, number), $"Account {number}", AccountState.Active,
            "America/Chicago", "US", $"{Stubs}{accounts}-{number}", """{"keys":[]}""");
    }

    static string Code(int accounts, int number) => $"account-{accounts}-{number:0000}";

    /// <summary>As a person would, until every account is ready.</summary>
    public async Task<(Guid Run, TimeSpan Took)> Run(bool large = false)
    {
        var person = new Person(Guid.CreateVersion7(), "Bea", "bea@example.com", Person.User, large ? Large : Small, "session");
        var began = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/reports/runs")
        {
            Content = JsonContent.Create(new { report = "FIN-2", parameters = new { from = "2026-10-01", to = "2026-10-31" } })
        };
        SignedIn(request, large);
        using var started = await Client.SendAsync(request);
        started.EnsureSuccessStatusCode();
        var run = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        while (!await Is($"select finished_at is not null from report_run where id = '{run}'"))
            await Task.Delay(5);
        var took = Stopwatch.GetElapsedTime(began);
        if (!await Is($"select bool_and(state = 'ready') from report_run_account where run_id = '{run}'"))
            throw new InvalidOperationException("Not every account is ready.");
        return (run, took);
    }

    public static void SignedIn(HttpRequestMessage request, bool large = false) =>
        request.Headers.Authorization =
            new AuthenticationHeaderValue("Bearer",
                TestIdentity.TokenOf(
                    new Person(Guid.CreateVersion7(), "Bea", "bea@example.com", Person.User, large ? Large : Small, "session")));

    async Task<bool> Is(string sql)
    {
        await using var command = db.CreateCommand(sql);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    async Task StartStubs()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        stubs = builder.Build();
        var api = stubs.MapGroup("/{account}/api/enterprise/v1");
        // As the Account API describes it, and the Office Portal does: the answer is held until the report is over.
        api.MapPost("/reports", async (string account, ReportRequest asked) =>
        {
            var task = $"{account}.{asked.RunId:N}";
            tasks.TryAdd(task, Stopwatch.GetTimestamp());
            // A timer may come a moment early.
            while (Stopwatch.GetElapsedTime(tasks[task]) is var since && since < ReportTakes && since < Held)
                await Task.Delay(TimeSpan.FromMilliseconds(
                    Math.Ceiling(Math.Min((ReportTakes - since).TotalMilliseconds, (Held - since).TotalMilliseconds))));
            return TypedResults.Accepted((string?)null, Told(task));
        });
        api.MapGet("/background-tasks/{id}", (string id) => TypedResults.Ok(Told(id)));
        api.MapGet("/background-tasks/{id}/file", (string id) => TypedResults.Bytes(file, "text/csv"));
        api.MapGet("/staff/{email}", (string email) => TypedResults.Ok(new StaffUser(email, "Portal", true, false, true, true)));
        api.MapGet("/staff/{email}/permissions/{permission}", () => TypedResults.Ok(new LocalPermission(["own permission"], false)));
        stubs.MapFallback(async http =>
        {
            using var answer = TestIdentity.Answer(new(HttpMethod.Get, new Uri($"http://identity{http.Request.Path}")));
            http.Response.StatusCode = (int)answer.StatusCode;
            http.Response.ContentType = "application/json";
            await answer.Content.CopyToAsync(http.Response.Body);
        });
        await stubs.StartAsync();
    }

    ReportTask Told(string id) => Stopwatch.GetElapsedTime(tasks[id]) >= ReportTakes
        ? new ReportTask(id, "ready", null, about)
        : new(id, "running", null, null);

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in replicas)
        {
            replica.Kill();
            await replica.WaitForExitAsync();
            replica.Dispose();
        }
        await (bus?.StopAsync() ?? Task.CompletedTask);
        foreach (var one in new IAsyncDisposable?[] { stubs, db, rabbit, postgres })
            await (one?.DisposeAsync() ?? default);
        Directory.Delete(folder, recursive: true);
    }
}
