using System.Runtime.CompilerServices;

/// <summary>
/// Aspire runs services as <c>dotnet run --project X --no-build</c>: a new evaluation, without our <c>-p:UseAspire=true</c>, which would
/// start what the default way built. The AppHost's environment is passed on.
/// </summary>
static class UseAspireForServices
{
    [ModuleInitializer]
    internal static void Set() => Environment.SetEnvironmentVariable("UseAspire", "true");
}
