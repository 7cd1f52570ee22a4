using EnterprisePortal.OfficePortal.BackgroundTasks;

namespace EnterprisePortal.OfficePortal.Reports;

static class ReportServices
{
    public static void AddReports(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<GenerateReports>();
        builder.Services.AddHostedService(services => services.GetRequiredService<GenerateReports>());
        builder.Services.AddHostedService<ForgetOldTasks>();
        builder.Services.AddSingleton<QueueTask>();
        builder.Services.AddSingleton<TaskFile>();
        builder.Services.AddSingleton<GenerateEverywhere>();
        builder.Services.AddSingleton<Families.ChangeFamily>();
#pragma warning disable EXTEXP0001 // RemoveAllResilienceHandlers: a repeated request would start a second run.
        builder.Services.AddHttpClient(GenerateEverywhere.Client, http => http.Timeout = TimeSpan.FromSeconds(15))
            .RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
    }
}
