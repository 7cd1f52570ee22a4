using EnterprisePortal.AppHost.Running;
using EnterprisePortal.AppHost.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EnterprisePortal.AppHost;

static class Run
{
    /// <returns>The exit code: 0 after Ctrl-C or TERM, 1 if it could not start.</returns>
    public static async Task<int> Portal(string[] args, Action<IDistributedApplicationBuilder, DataFolder> map)
    {
        var builder = DistributedApplication.CreateBuilder(args);
        using var data = new DataFolder(builder);
        try
        {
            if (builder.ExecutionContext.IsRunMode)
                Prepare(builder, data);
            map(builder, data);
            LeftOut.Check(builder);
            await using var app = builder.Build();
            await (builder.ExecutionContext.IsRunMode ? RunToTheEnd(app) : app.RunAsync());
        }
        catch (StartRefused e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        return Environment.ExitCode;
    }

    static async Task RunToTheEnd(DistributedApplication app)
    {
        await using var parentCheck = ParentProcess.EndWithIt(app.Services.GetRequiredService<IHostApplicationLifetime>());
        try
        {
            await app.StartAsync();
            await app.WaitForShutdownAsync();
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C or TERM during the start: whatever has started is stopped in the same order.
            await app.Services.GetServices<IHostedService>().OfType<Supervisor>().Single().StoppingAsync(default);
            await StopSoon(app);
        }
    }

    // Aspire waits without end for an orchestrator that it has not started yet. One that it has started ends with this process.
    static async Task StopSoon(DistributedApplication app)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await app.StopAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // Nothing of ours runs any more.
        }
    }

    static void Prepare(IDistributedApplicationBuilder builder, DataFolder data)
    {
        data.Take(builder.Configuration);
        builder.Configuration["ASPNETCORE_URLS"] = $"http://localhost:{builder.Configuration["Ports:Dashboard"]}";
        builder.Configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://localhost:{FreePort.Next()}";
        builder.Configuration["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://localhost:{FreePort.Next()}";
        builder.Services.AddSingleton(data).AddSingleton<Welcome>().AddHostedService<Supervisor>().AwaitFirstAnswers()
            .AddSingleton<IDeveloperCertificateService, OrchestratorCertificate>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(60));
    }
}
