using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EnterprisePortal.ServiceDefaults.Settings;

public static class SettingsExtensions
{
    /// <summary>
    /// Binds a section of the configuration and checks it before the service starts: an unusable value stops the start, with the setting's
    /// name and the problem.
    /// </summary>
    public static WebApplicationBuilder AddSettings<TOptions>(this WebApplicationBuilder builder, string section) where TOptions : class
    {
        builder.Services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(new NameSettings<TOptions>(section));
        return builder;
    }
}

/// <summary>The framework's own check names the class and its property; operators know the setting's name.</summary>
sealed class NameSettings<TOptions>(string section) : IValidateOptions<TOptions> where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var wrong = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new(options), wrong, validateAllProperties: true) ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(wrong.Select(one =>
                $"{string.Join(" and ", one.MemberNames.Select(member => $"{section}:{member}"))} cannot be used: {one.ErrorMessage}"));
    }
}
